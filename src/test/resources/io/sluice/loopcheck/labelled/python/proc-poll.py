import subprocess, time

proc = subprocess.Popen(["./job"])
while proc.poll() is None:
    time.sleep(0.1)
