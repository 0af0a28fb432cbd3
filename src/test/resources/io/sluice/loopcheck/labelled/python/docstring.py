"""
while True:
    pass
"""
TEXT = 'while True: pass'  # while True:
print(TEXT)
