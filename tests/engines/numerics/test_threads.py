"""Small fits use one thread, and leave the number of threads as it was."""

from threadpoolctl import threadpool_info

from engines.numerics import threads


def test_one_thread_while_it_fits_and_the_old_number_after() -> None:
    with threads.one_thread():
        pass
    # Another test of this process may have loaded torch, whose threads no fit uses.
    used = {pool["filepath"] for pool in threads._pools().info()}

    def numbers() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["filepath"] in used]

    before = numbers()
    with threads.one_thread():
        assert set(numbers()) == {1}
    assert numbers() == before
