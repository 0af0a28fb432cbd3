import time

class Waiter:
    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def expired(self):
        return time.monotonic() > self.end

    def run(self):
        while not self.expired():
            if self.check():
                return
            time.sleep(1)
        raise TimeoutError("expired")
