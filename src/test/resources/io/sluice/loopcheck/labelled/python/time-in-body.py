import time

def wait(check, timeout=60):
    start = time.time()
    while True:
        if check():
            return True
        if time.time() - start > timeout:
            raise RuntimeError(f"timed out after {timeout}s")
        time.sleep(1)
