import time
from urllib.request import urlopen

while True:
    body = urlopen(URL, timeout=5).read()
    if b"ready" in body:
        break
    time.sleep(1)
