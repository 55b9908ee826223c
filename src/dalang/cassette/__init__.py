"""Record and replay: what was asked of the cloud, or of another Dalang, kept as a folder and answered from it again.

A recorder stands before the real service and keeps each exchange; a replay stands before our own app and answers what
is on the cassette. Keys and signatures never reach the folder.
"""
