"""What a Celery worker does here: nothing."""

import os

from celery import Celery

redis = os.environ["BENCH_REDIS"]
app = Celery("bench", broker=redis, backend=redis)


@app.task
def noop():
    pass
