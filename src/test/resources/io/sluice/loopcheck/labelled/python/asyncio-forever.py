import asyncio

async def serve():
    while True:
        await asyncio.sleep(3600)
