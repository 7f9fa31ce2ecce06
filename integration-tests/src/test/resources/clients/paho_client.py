"""A client with Debian's paho-mqtt: prints what it gets as lines QOS RETAIN TOPIC PAYLOAD, after a first line 'ready'.

    paho_client.py PORT ID CLEAN FILTER QOS WILL_TOPIC              subscribes until it is killed
    paho_client.py PORT ID publish TOPIC QOS RETAIN PAYLOAD         publishes one message and ends when it is safe
"""

import sys

import paho.mqtt.client as mqtt


def client(port, name, clean):
    try:
        made = mqtt.Client(mqtt.CallbackAPIVersion.VERSION1, client_id=name, clean_session=clean)
    except AttributeError:  # before 2.0
        made = mqtt.Client(client_id=name, clean_session=clean)
    made.username_pw_set("test", "hahaha")
    made.port = int(port)
    return made


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def subscribe(port, name, clean, topic, qos, will):
    it = client(port, name, clean == "true")
    it.will_set(will, name, int(qos), False)
    it.on_connect = lambda c, data, flags, code: c.subscribe(topic, int(qos))
    it.on_subscribe = lambda c, data, mid, granted: say("ready")
    it.on_message = lambda c, data, m: say("%d %d %s %s" % (m.qos, m.retain, m.topic, m.payload.decode()))
    it.connect("localhost", it.port)
    it.loop_forever()


def publish(port, name, _, topic, qos, retain, payload):
    it = client(port, name, True)
    it.connect("localhost", it.port)
    it.loop_start()
    it.publish(topic, payload, int(qos), retain == "true").wait_for_publish()
    it.disconnect()
    it.loop_stop()


if sys.argv[3] == "publish":
    publish(*sys.argv[1:])
else:
    subscribe(*sys.argv[1:])
