# -*- coding: utf-8 -*-
"""Greets, and says which function was called with what. The same file runs on Python 2.7 and 3."""


def handler(event, context):
    """event: the JSON value of the message; context: a dict that tells about message and call."""
    event['functionName'] = context['functionName']
    event['messageQOS'] = context['messageQOS']
    event['messageTopic'] = context['messageTopic']
    event['sayhi'] = u'你好，世界！'
    return event
