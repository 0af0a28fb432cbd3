lo, hi = 0, len(items)
while lo < hi:
    mid = (lo + hi) // 2
    if items[mid] < key:
        lo = mid + 1
    else:
        hi = mid
