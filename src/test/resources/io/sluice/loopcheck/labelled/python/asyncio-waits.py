import asyncio

async def main(event, proc):
    await event.wait()
    await asyncio.wait_for(event.wait(), timeout=5)
    await proc.communicate()
