import queue

while True:
    try:
        line = output_queue.get(block=False)
    except queue.Empty:
        break
    print(line)
