import time

state = get_state()
while state == "pending":
    time.sleep(2)
    state = get_state()
