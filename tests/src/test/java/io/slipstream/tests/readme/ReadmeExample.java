package io.slipstream.tests.readme;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.queue.MessageFilter;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.schema.CarStateDecoder;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The README's Java snippets for readers of a queue and of a block, as the compiler sees them. */
final class ReadmeExample {
    private ReadmeExample() {}

    static void follow(Path live, BooleanSupplier stop) {
        // <snippet>
        try (MessageQueue queue = MessageQueue.open(
                        new MessageQueue.Context().directory(live).readOnly(true));
                Subscriber subscriber = queue.subscriber().toEnd()) {
            subscriber.filter(MessageFilter.templates(CarStateDecoder.TEMPLATE_ID));
            CarStateDecoder car = new CarStateDecoder();
            subscriber.pollUntil(
                    message -> {
                        car.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
                        System.out.printf("%.0f km/h in gear %d%n", car.speed() * 3.6, car.gear());
                    },
                    stop); // asleep while there is nothing to read
        }
        // </snippet>
    }

    static void answer() throws SharedMemoryException, InterruptedException {
        // <snippet>
        try (SharedBlock block = SharedBlock.attach(BlockName.parse("qt:MyUniqueKey"), BlockAccess.READ_WRITE)) {
            block.lock().lock();
            System.out.println(block.segment().getString(0));
            block.segment().setString(0, "Hello, Server!");
            block.lock().unlock();
        }
        // </snippet>
    }
}
