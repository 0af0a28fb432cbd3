import os

path = os.path.realpath(path)
while not os.path.ismount(path):
    path = os.path.dirname(path)
