from subprocess import check_output as out
import requests as rq

out(["ls"])
session = rq.Session()
session.post(URL)
session.post(URL, timeout=3)
