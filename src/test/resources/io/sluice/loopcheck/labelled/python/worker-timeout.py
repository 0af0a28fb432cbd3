import queue

q = queue.Queue()
while True:
    try:
        item = q.get(timeout=30)
    except queue.Empty:
        print("nothing more")
        break
    if item is None:
        break
    handle(item)
