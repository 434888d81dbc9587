"""The sources of the laws: one `Reference` each; ``reference.at("eq. 3")`` names the place."""

from engines.theory.overlay import Reference

SHUMAILOV2023 = Reference(
    "shumailov2023",
    "Shumailov, I.; Shumaylov, Z.; Zhao, Y.; Gal, Y.; Papernot, N.; Anderson, R.",
    "The Curse of Recursion: Training on Generated Data Makes Models Forget",
    2023,
    "arXiv:2305.17493",
)
SHUMAILOV2024 = Reference(
    "shumailov2024",
    "Shumailov, I.; Shumaylov, Z.; Zhao, Y.; Papernot, N.; Anderson, R.; Gal, Y.",
    "AI models collapse when trained on recursively generated data",
    2024,
    "doi:10.1038/s41586-024-07566-y",
    "Nature 631, 755-759",
)
BORJI2024 = Reference(
    "borji2024",
    "Borji, A.",
    "A Note on Shumailov et al. (2024): AI Models Collapse When Trained on Recursively "
    "Generated Data",
    2024,
    "arXiv:2410.12954",
)
BORKAR2025 = Reference(
    "borkar2025",
    "Borkar, V. S.",
    "A theoretical basis for model collapse in recursive training",
    2025,
    "arXiv:2506.09401",
)
ALEMOHAMMAD2023 = Reference(
    "alemohammad2023",
    "Alemohammad, S.; Casco-Rodriguez, J.; Luzi, L.; Humayun, A. I.; Babaei, H.; LeJeune, D.; "
    "Siahkoohi, A.; Baraniuk, R. G.",
    "Self-Consuming Generative Models Go MAD",
    2023,
    "arXiv:2307.01850",
)
KAZDAN2024 = Reference(
    "kazdan2024",
    "Kazdan, J.; Schaeffer, R.; Dey, A.; Gerstgrasser, M.; Rafailov, R.; Donoho, D. L.; Koyejo, S.",
    "Collapse or Thrive? Perils and Promises of Synthetic Data in a Self-Generating World",
    2024,
    "arXiv:2410.16713",
)
GERSTGRASSER2024 = Reference(
    "gerstgrasser2024",
    "Gerstgrasser, M.; Schaeffer, R.; Dey, A.; Rafailov, R.; et al.",
    "Is Model Collapse Inevitable? Breaking the Curse of Recursion by Accumulating Real and "
    "Synthetic Data",
    2024,
    "arXiv:2404.01413",
)
DOHMATOB2024 = Reference(
    "dohmatob2024",
    "Dohmatob, E.; Feng, Y.; Kempe, J.",
    "Model Collapse Demystified: The Case of Regression",
    2024,
    "arXiv:2402.07712",
)

DEY2024 = Reference(
    "dey2024",
    "Dey, A.; Donoho, D.",
    "Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
    2024,
    "arXiv:2410.22812",
)
HE2025 = Reference(
    "he2025",
    "He, H.; Xu, S.; Cheng, G.",
    "Golden Ratio Weighting Prevents Model Collapse",
    2025,
    "arXiv:2502.18049",
)

SURESH2024 = Reference(
    "suresh2024",
    "Suresh, A. T.; Thangaraj, A.; Khandavally, A. N. K.",
    "Rate of Model Collapse in Recursive Training",
    2024,
    "arXiv:2412.17646",
)
BERTRAND2023 = Reference(
    "bertrand2023",
    "Bertrand, Q.; Bose, A. J.; Duplessis, A.; Jiralerspong, M.; Gidel, G.",
    "On the Stability of Iterative Retraining of Generative Models on their own Data",
    2023,
    "arXiv:2310.00429",
)
SEDDIK2024 = Reference(
    "seddik2024",
    "Seddik, M. E. A.; Chen, S.-W.; Hayou, S.; Youssef, P.; Debbah, M.",
    "How Bad is Training on Synthetic Data? A Statistical Analysis of Language Model Collapse",
    2024,
    "arXiv:2404.05090",
)
COCHRAN1934 = Reference(
    "cochran1934",
    "Cochran, W. G.",
    "The distribution of quadratic forms in a normal system, with applications to the analysis "
    "of covariance",
    1934,
    "doi:10.1017/S0305004100016595",
)
DUFRESNE1990 = Reference(
    "dufresne1990",
    "Dufresne, D.",
    "The distribution of a perpetuity, with applications to risk theory and pension funding",
    1990,
    "doi:10.1080/03461238.1990.10413872",
)
EWENS2004 = Reference(
    "ewens2004",
    "Ewens, W. J.",
    "Mathematical Population Genetics I: Theoretical Introduction (Wright-Fisher model)",
    2004,
    "doi:10.1007/978-0-387-21822-9",
)
MUIRHEAD1982 = Reference(
    "muirhead1982",
    "Muirhead, R. J.",
    "Aspects of Multivariate Statistical Theory (Bartlett decomposition, Wishart moments)",
    1982,
    "doi:10.1002/9780470316559",
)
KINGMA2013 = Reference(
    "kingma2013",
    "Kingma, D. P.; Welling, M.",
    "Auto-Encoding Variational Bayes",
    2013,
    "arXiv:1312.6114",
)
GUO2023 = Reference(
    "guo2023",
    "Guo, Y.; Shang, G.; Vazirgiannis, M.; Clavel, C.",
    "The Curious Decline of Linguistic Diversity: Training Language Models on Synthetic Text",
    2023,
    "arXiv:2311.09807",
)
ZHANG2022 = Reference(
    "zhang2022",
    "Zhang, S.; Roller, S.; Goyal, N.; Artetxe, M.; Chen, M.; Chen, S.; et al.",
    "OPT: Open Pre-trained Transformer Language Models",
    2022,
    "arXiv:2205.01068",
)
DERIVED = Reference(
    "collapsetui",
    "collapse-tui",
    "Exact laws beside the simulation",
    2026,
    "docs/theory.md",
)


def all_references() -> tuple[Reference, ...]:
    """Return all references, sorted by key."""
    found = (value for value in globals().values() if isinstance(value, Reference))
    return tuple(sorted(found, key=lambda reference: reference.key))
