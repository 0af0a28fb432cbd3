import subprocess, threading
import requests

subprocess.run(["make"], check=True)
requests.get("https://example.com")
proc = subprocess.Popen(["sleep", "1"])
proc.wait()
proc.communicate()
t = threading.Thread(target=f)
t.join()
lock = threading.Lock()
lock.acquire()
threading.Event().wait()
