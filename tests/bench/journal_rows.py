"""What durability costs: the journal against a file, logged messages against unlogged ones."""

from table import ratio_row

BATCHES = {1: (1000, 0.8), 16: (1000, 0.8), 64: (1000, 0.7), 256: (600, 0.5), 1024: (300, 0.35)}
WINDOW = 1024


def journal(bench):
    for batch, (batches, budget) in BATCHES.items():
        load = batch, bench.count(batches, 3)
        pairs = bench.in_pairs(
            lambda load=load: bench.rate_on_disk("bench_journal", "journal", *load),
            lambda load=load: bench.rate_on_disk("bench_journal", "plain", *load),
            pairs=7,
        )
        what = f"journal against a plain file, a sync for {batch}"
        yield ratio_row(what, "records/s", pairs, budget)


def messages(bench):
    load = bench.count(1_000_000, 5000), WINDOW

    def side(name):
        return bench.rate_on_disk("bench_messages", name, *load)

    for baseline, what, budget in (
        ("stepped", "logged and synced messages against the same actors unlogged", 0.25),
        ("bare", "the same against CAF alone, without roles", None),
    ):
        pairs = bench.in_pairs(lambda: side("logged"), lambda name=baseline: side(name))
        yield ratio_row(what, "messages/s", pairs, budget)
