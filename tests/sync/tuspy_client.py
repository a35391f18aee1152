"""Uploads one file with tuspy, as the JSON in its argument says, and goes on from the upload that an earlier run kept in `memory`.

Prints one line of JSON: where the upload is, from which byte to which byte this run brought it, and the fault that ended it.
"""

import json
import sys

from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.storage.filestorage import FileStorage


def main() -> None:
    order = json.loads(sys.argv[1])
    uploader = TusClient(order["endpoint"], {"Authorization": f"Bearer {order['token']}"}).uploader(
        order["file"],
        chunk_size=order["chunk_bytes"],
        metadata={"sha256": order["sha256"]},
        store_url=True,
        url_storage=FileStorage(order["memory"]),
        retries=order["retries"],
        retry_delay=0.1,
        **order["options"],
    )
    began_at, fault = uploader.offset, None
    try:
        uploader.upload()
    except (TusCommunicationError, TusUploadFailed) as ended:
        fault = repr(ended)
    print(json.dumps({"url": uploader.url, "from": began_at, "to": uploader.offset, "fault": fault}))


main()
