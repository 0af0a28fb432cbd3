import queue

q = queue.Queue()
while True:
    item = q.get()
    if item is None:
        break
    handle(item)
