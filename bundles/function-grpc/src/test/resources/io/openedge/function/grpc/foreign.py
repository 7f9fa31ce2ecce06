"""A server and a client of somebody else: written from function.proto alone, with the gRPC library of C and Python.

    foreign.py PROTO serve HOST:PORT [CA CERT KEY]     prints "listening PORT"
    foreign.py PROTO call HOST:PORT [CA CERT KEY]      a JSON object a line on standard input, one on standard output
"""
import concurrent.futures
import json
import re
import sys
import threading

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool

try:
    from google.protobuf.message_factory import GetMessageClass
except ImportError:  # before protobuf 4.22
    from google.protobuf import message_factory

    def GetMessageClass(descriptor):
        return message_factory.MessageFactory().GetPrototype(descriptor)


def message_class(proto):
    text = re.sub(r'//.*', '', open(proto).read())
    package = re.search(r'package (\w+);', text).group(1)
    name, body = re.search(r'message (\w+) {([^}]*)}', text).groups()
    made = descriptor_pb2.FileDescriptorProto(name='foreign.proto', package=package, syntax='proto3')
    message = made.message_type.add(name=name)
    for kind, field, number in re.findall(r'(\w+) (\w+) = (\d+);', body):
        message.field.add(name=field, number=int(number), label=1,
                          type=getattr(descriptor_pb2.FieldDescriptorProto, 'TYPE_' + kind.upper()))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(made)
    return GetMessageClass(pool.FindMessageTypeByName(package + '.' + name))


def method(proto):
    text = open(proto).read()
    return (re.search(r'package (\w+);', text).group(1) + '.' + re.search(r'service (\w+) {', text).group(1),
            re.search(r'rpc (\w+)\(', text).group(1))


def read(name):
    with open(name, 'rb') as file:
        return file.read()


def compute(request, context):
    if request.FunctionName == 'fail':
        raise Exception('[UserCodeInvoke] ', ValueError(request.Payload.decode()))
    if request.FunctionName == 'missing':
        raise Exception('function not found')
    if request.FunctionName == 'big':
        request.Payload = b'x' * int(request.Payload)
    elif request.FunctionName == 'limit':
        remaining = context.time_remaining()
        request.Payload = b'%d' % remaining if remaining and remaining < 1e9 else b'none'
    elif request.FunctionName == 'abort':
        code, words = request.Payload.decode().split(' ', 1)
        context.abort(getattr(grpc.StatusCode, code), words)
    elif request.FunctionName == 'slow':
        gone = threading.Event()
        context.add_callback(gone.set)
        gone.wait(60)
        print('cancelled', flush=True)
    else:
        request.Payload = json.dumps({'id': request.ID, 'qos': request.QOS, 'topic': request.Topic,
                                      'payload': request.Payload.decode(), 'timestamp': request.Timestamp,
                                      'name': request.FunctionName, 'invoke': request.FunctionInvokeID}).encode()
    return request


def serve(proto, address, files):
    kind = message_class(proto)
    service, name = method(proto)
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(8),
                         options=[('grpc.max_receive_message_length', 1 << 20), ('grpc.so_reuseport', 0)])
    handler = grpc.unary_unary_rpc_method_handler(compute, kind.FromString, kind.SerializeToString)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {name: handler}),))
    if files:
        authority, cert, key = map(read, files)
        port = server.add_secure_port(address, grpc.ssl_server_credentials([(key, cert)], authority, True))
    else:
        port = server.add_insecure_port(address)
    server.start()
    print('listening %d' % port, flush=True)
    sys.stdin.read()
    server.stop(0)


def call(proto, address, files):
    kind = message_class(proto)
    options = [('grpc.max_receive_message_length', -1), ('grpc.max_send_message_length', -1)]
    if files:
        authority, cert, key = map(read, files)
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(authority, key, cert), options)
    else:
        channel = grpc.insecure_channel(address, options)
    path = '/%s/%s' % method(proto)
    for line in sys.stdin:
        asked = json.loads(line)
        stub = channel.unary_unary(asked.get('path', path), kind.SerializeToString, kind.FromString)
        request = kind(ID=asked.get('id', 0), QOS=asked.get('qos', 0), Topic=asked.get('topic', ''),
                       Payload=asked.get('payload', '').encode() * asked.get('times', 1),
                       Timestamp=asked.get('timestamp', 0), FunctionName=asked.get('name', ''),
                       FunctionInvokeID=asked.get('invoke', ''))
        try:
            pending = [stub.future(request, timeout=asked.get('timeout', 30),
                                   compression=grpc.Compression.Gzip if asked.get('gzip') else None)
                       for _ in range(asked.get('calls', 1))]
            got = [answer.result() for answer in pending][-1]
            said = {'id': got.ID, 'qos': got.QOS, 'topic': got.Topic, 'length': len(got.Payload),
                    'payload': got.Payload[:100].decode(), 'timestamp': got.Timestamp, 'name': got.FunctionName,
                    'invoke': got.FunctionInvokeID}
        except grpc.RpcError as error:
            said = {'code': error.code().name, 'details': error.details()}
        print(json.dumps(said), flush=True)


if __name__ == '__main__':
    {'serve': serve, 'call': call}[sys.argv[2]](sys.argv[1], sys.argv[3], sys.argv[4:])
