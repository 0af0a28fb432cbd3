while True:
    worker = workers[n]
    if worker is None:
        worker = start()
        workers[n] = worker
    if worker.idle():
        break
