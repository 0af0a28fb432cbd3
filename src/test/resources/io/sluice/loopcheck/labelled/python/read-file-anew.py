import time

while True:
    with open("state") as f:
        if f.read() == "done":
            break
    time.sleep(1)
