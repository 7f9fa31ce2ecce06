"""Runs functions: worker.py for a host in Java, server.py as a gRPC server of its own."""
