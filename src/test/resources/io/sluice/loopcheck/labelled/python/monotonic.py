import time

deadline = time.monotonic() + 30
while time.monotonic() < deadline:
    if ready():
        break
    time.sleep(0.5)
else:
    raise TimeoutError("not ready after 30 s")
