import subprocess, threading
import requests

subprocess.run(["make"], check=True, timeout=600)
requests.get("https://example.com", timeout=10)
proc = subprocess.Popen(["sleep", "1"])
proc.wait(timeout=5)
proc.communicate(timeout=5)
t = threading.Thread(target=f)
t.join(5)
lock = threading.Lock()
lock.acquire(timeout=1)
threading.Event().wait(3)
print(",".join(names), config.get("a"))
