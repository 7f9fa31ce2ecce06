import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.core.journal.LoaderCallback;
import org.apache.activemq.artemis.core.journal.PreparedTransactionInfo;
import org.apache.activemq.artemis.core.journal.RecordInfo;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** A store that keeps messages by number. One thread. */
interface StoreBenchmarkStore {
    /**
     * Takes messages and forgets others; returns when both are on disk.
     *
     * @param first number of the first message
     * @param from number of the first message to forget
     * @param to number after the last message to forget
     */
    void commit(List<byte[]> messages, long first, long from, long to) throws Exception;

    /** Reads all messages; answers how many there are. */
    long read() throws Exception;

    /** What is measured; {@code NONE} shows what the generator itself can do. */
    enum Kind {
        NONE,
        LOG,
        LOG_READY,
        LOG_DSYNC,
        MVSTORE,
        ARTEMIS,
        ROCKSDB;

        String title() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        StoreBenchmarkStore open(Path directory) throws Exception {
            Files.createDirectories(directory);
            return switch (this) {
                case NONE -> new None();
                case LOG -> new Log(directory, false, false);
                case LOG_READY -> new Log(directory, true, false);
                case LOG_DSYNC -> new Log(directory, true, true);
                case MVSTORE -> new MvStore(directory);
                case ARTEMIS -> new Artemis(directory);
                case ROCKSDB -> new Rocks(directory);
            };
        }
    }

    /** Keeps nothing. */
    final class None implements StoreBenchmarkStore {
        @Override
        public void commit(List<byte[]> messages, long first, long from, long to) {}

        @Override
        public long read() {
            return 0;
        }
    }

    /**
     * Segments that are only appended to: length, checksum, number, payload; a forgotten message is a record without a
     * payload. A segment goes when all before its end is forgotten (messages are forgotten in order here).
     */
    final class Log implements StoreBenchmarkStore {
        private static final int SEGMENT = 32 << 20;
        private static final int HEAD = 16;

        private final Path directory;
        /** Segments are written once before they are used, so that a sync changes no file size. */
        private final boolean ready;
        private final boolean dsync;
        private final ExecutorService maker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(4 << 20);
        private final CRC32C crc = new CRC32C();
        private final List<Long> ends = new ArrayList<>();
        private final List<Path> files = new ArrayList<>();
        private int made;
        private FileChannel current;
        private Future<Path> next;
        private long written = SEGMENT;

        Log(Path directory, boolean ready, boolean dsync) {
            this.directory = directory;
            this.ready = ready;
            this.dsync = dsync;
        }

        private Path make(int number) throws IOException {
            Path file = directory.resolve(String.format(Locale.ROOT, "%08d", number));
            if (ready) {
                try (FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
                    for (int at = 0; at < SEGMENT; at += zeros.capacity()) {
                        channel.write(zeros.clear(), at);
                    }
                    channel.force(true);
                }
            }
            return file;
        }

        private void roll(long number) throws Exception {
            if (current != null) {
                current.close();
                ends.add(number);
            }
            Path file = next == null ? make(made++) : next.get();
            int after = made++;
            next = maker.submit(() -> make(after));
            current = FileChannel.open(
                    file,
                    dsync
                            ? new StandardOpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.DSYNC}
                            : new StandardOpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.WRITE});
            try (FileChannel folder = FileChannel.open(directory)) {
                folder.force(true);
            }
            files.add(file);
            written = 0;
        }

        @Override
        public void commit(List<byte[]> messages, long first, long from, long to) throws Exception {
            if (written > SEGMENT - buffer.capacity()) {
                roll(first);
            }
            buffer.clear();
            long number = first;
            for (byte[] message : messages) {
                put(number++, message);
            }
            for (long gone = from; gone < to; gone++) {
                put(-gone, new byte[0]);
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                written += current.write(buffer);
            }
            if (!dsync) {
                current.force(false);
            }
            while (!ends.isEmpty() && ends.get(0) <= to) {
                ends.remove(0);
                Files.delete(files.remove(0));
            }
        }

        private void put(long number, byte[] payload) {
            int at = buffer.position();
            buffer.putInt(payload.length).putInt(0).putLong(number).put(payload);
            crc.reset();
            crc.update(buffer.duplicate().flip().position(at + 8));
            buffer.putInt(at + 4, (int) crc.getValue());
        }

        @Override
        public long read() throws IOException {
            long count = 0;
            List<Path> all;
            try (Stream<Path> list = Files.list(directory)) {
                all = list.sorted().toList();
            }
            for (Path file : all) {
                ByteBuffer in = ByteBuffer.allocate((int) Files.size(file));
                try (FileChannel channel = FileChannel.open(file)) {
                    while (in.hasRemaining() && channel.read(in) > 0) {
                        continue;
                    }
                }
                in.flip();
                while (in.remaining() >= HEAD) {
                    int length = in.getInt();
                    int sum = in.getInt();
                    long number = in.getLong();
                    if (length < 0 || length > in.remaining() || sum != sum(number, in, length)) {
                        break;
                    }
                    count += number >= 0 ? 1 : -1;
                }
            }
            return count;
        }

        private int sum(long number, ByteBuffer in, int length) {
            byte[] payload = new byte[length];
            in.get(payload);
            crc.reset();
            crc.update(ByteBuffer.allocate(8).putLong(number).flip());
            crc.update(payload);
            return (int) crc.getValue();
        }
    }

    /** h2-mvstore: a batch is a commit and a sync. */
    final class MvStore implements StoreBenchmarkStore {
        private final MVStore store;
        private final MVMap<Long, byte[]> map;

        MvStore(Path directory) {
            store = new MVStore.Builder()
                    .fileName(directory.resolve("messages.mv").toString())
                    .autoCommitDisabled()
                    .open();
            map = store.openMap(
                    "messages",
                    new MVMap.Builder<Long, byte[]>()
                            .keyType(LongDataType.INSTANCE)
                            .valueType(ByteArrayDataType.INSTANCE));
        }

        @Override
        public void commit(List<byte[]> messages, long first, long from, long to) {
            long number = first;
            for (byte[] message : messages) {
                map.append(number++, message);
            }
            for (long gone = from; gone < to; gone++) {
                map.remove(gone);
            }
            store.commit();
            store.sync();
        }

        @Override
        public long read() {
            long count = 0;
            for (var cursor = map.cursor(null); cursor.hasNext(); cursor.next()) {
                count += cursor.getValue() == null ? 0 : 1;
            }
            return count;
        }
    }

    /** The journal of ActiveMQ Artemis with NIO: the last record of a batch waits for its sync. */
    final class Artemis implements StoreBenchmarkStore {
        private static final int SEGMENT = 32 << 20;
        private static final int BUFFER = 490 * 1024;
        /** As short as makes sense: the batch is made before. Unit: nanoseconds. */
        private static final int TIMEOUT = 20_000;

        private final JournalImpl journal;
        private long found;

        Artemis(Path directory) throws Exception {
            var factory = new NIOSequentialFileFactory(directory.toFile(), true, BUFFER, TIMEOUT, 1, false);
            journal = new JournalImpl(SEGMENT, 2, 10, 10, 30, factory, "messages", "log", 1);
            journal.start();
            journal.load(new LoaderCallback() {
                @Override
                public void addRecord(RecordInfo record) {
                    found += record.data.length > 0 ? 1 : 0;
                }

                @Override
                public void updateRecord(RecordInfo record) {}

                @Override
                public void deleteRecord(long id) {}

                @Override
                public void addPreparedTransaction(PreparedTransactionInfo transaction) {}

                @Override
                public void failedTransaction(long id, List<RecordInfo> records, List<RecordInfo> gone) {}
            });
        }

        @Override
        public void commit(List<byte[]> messages, long first, long from, long to) throws Exception {
            for (long gone = from; gone < to; gone++) {
                journal.appendDeleteRecord(gone, false);
            }
            for (int i = 0; i < messages.size(); i++) {
                journal.appendAddRecord(first + i, (byte) 1, messages.get(i), i == messages.size() - 1);
            }
        }

        @Override
        public long read() {
            return found;
        }
    }

    /** RocksDB as it comes: a batch is a synchronous write. */
    final class Rocks implements StoreBenchmarkStore {
        private final RocksDB store;
        private final WriteOptions sync;

        Rocks(Path directory) throws RocksDBException {
            RocksDB.loadLibrary();
            sync = new WriteOptions().setSync(true);
            store = RocksDB.open(new Options().setCreateIfMissing(true), directory.toString());
        }

        private static byte[] key(long number) {
            return ByteBuffer.allocate(8).putLong(number).array();
        }

        @Override
        public void commit(List<byte[]> messages, long first, long from, long to) throws RocksDBException {
            try (WriteBatch batch = new WriteBatch()) {
                long number = first;
                for (byte[] message : messages) {
                    batch.put(key(number++), message);
                }
                for (long gone = from; gone < to; gone++) {
                    batch.delete(key(gone));
                }
                store.write(sync, batch);
            }
        }

        @Override
        public long read() {
            long count = 0;
            try (RocksIterator all = store.newIterator()) {
                for (all.seekToFirst(); all.isValid(); all.next()) {
                    count += all.value().length > 0 ? 1 : 0;
                }
            }
            return count;
        }
    }
}
