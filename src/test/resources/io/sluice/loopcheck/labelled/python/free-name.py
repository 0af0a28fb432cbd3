import os

n = 1
while os.path.exists(f"backup{n}") and os.path.exists("backup%d" % n):
    n += 1
