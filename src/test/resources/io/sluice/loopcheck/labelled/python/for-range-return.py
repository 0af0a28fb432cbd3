import time

def connect():
    for attempt in range(5):
        try:
            return open_connection()
        except OSError:
            time.sleep(2 ** attempt)
    raise ConnectionError("no connection after 5 tries")
