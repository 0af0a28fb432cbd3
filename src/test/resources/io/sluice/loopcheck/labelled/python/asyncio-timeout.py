import asyncio

async def wait():
    async with asyncio.timeout(30):
        while True:
            if await ready():
                return
            await asyncio.sleep(1)
