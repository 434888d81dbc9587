"""How each kind of view is drawn and described: one entry of `draw_view.VIEW_KINDS` each."""
