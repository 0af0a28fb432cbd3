import time

for _ in range(10):
    if ready():
        break
    time.sleep(1)
deploy()
