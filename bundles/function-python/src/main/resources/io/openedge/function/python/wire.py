# -*- coding: utf-8 -*-
"""FunctionMessage of function.proto as bytes: seven fields, so that no generated code and no version of it is needed."""

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
NUMBERS = {1: 'id', 2: 'qos', 10: 'timestamp'}
TEXTS = {3: 'topic', 11: 'function_name', 12: 'invoke_id'}
PAYLOAD = 4


class Message(object):
    """What a function is called with, and what it answers."""

    def __init__(self):
        self.id = self.qos = self.timestamp = 0
        self.topic = self.function_name = self.invoke_id = u''
        self.payload = b''


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, data):
    return varint(number << 3 | BYTES) + varint(len(data)) + data


def encode(message):
    """Fields that are zero or empty are left out."""
    parts = []
    for number in sorted(list(NUMBERS) + list(TEXTS) + [PAYLOAD]):
        if number == PAYLOAD:
            if message.payload:
                parts.append(field(number, message.payload))
        elif number in TEXTS:
            text = getattr(message, TEXTS[number]).encode('utf-8')
            if text:
                parts.append(field(number, text))
        else:
            value = getattr(message, NUMBERS[number])
            if number == 10:
                value = value << 1 if value >= 0 else (-value << 1) - 1
            if value:
                parts.append(varint(number << 3 | VARINT) + varint(value))
    return b''.join(parts)


class Reader(object):
    def __init__(self, data):
        self.data = data
        self.octets = bytearray(data)
        self.at = 0

    def varint(self):
        value = 0
        for shift in range(0, 70, 7):
            if self.at >= len(self.octets):
                raise ValueError('cut inside a number')
            octet = self.octets[self.at]
            self.at += 1
            value |= (octet & 0x7F) << shift
            if octet < 0x80:
                return value & 0xFFFFFFFFFFFFFFFF
        raise ValueError('a number of more than 10 bytes')

    def bytes(self, length):
        end = self.at + length
        if end > len(self.octets):
            raise ValueError('cut inside a field')
        data = self.data[self.at:end]
        self.at = end
        return data

    def value(self, kind):
        if kind == VARINT:
            return self.varint()
        if kind in (FIXED32, FIXED64):
            return self.bytes(4 if kind == FIXED32 else 8)
        if kind == BYTES:
            return self.bytes(self.varint())
        raise ValueError('a field of the wire type %d' % kind)


def decode(data):
    """Unknown fields are passed over; of a field that comes twice the last counts. ValueError: it is no message."""
    message = Message()
    reader = Reader(data)
    while reader.at < len(data):
        tag = reader.varint()
        number, kind = tag >> 3, tag & 7
        value = reader.value(kind)
        if number == PAYLOAD and kind == BYTES:
            message.payload = value
        elif number in TEXTS and kind == BYTES:
            setattr(message, TEXTS[number], value.decode('utf-8'))
        elif number in NUMBERS and kind == VARINT:
            if number == 10:
                value = value >> 1 ^ -(value & 1)
            elif number == 2:
                value &= 0xFFFFFFFF
            setattr(message, NUMBERS[number], value)
    return message
