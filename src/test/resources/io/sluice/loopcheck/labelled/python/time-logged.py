import time

while not ready():
    print(time.time(), "waiting")
    time.sleep(1)
