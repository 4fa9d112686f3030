package io.slipstream.tests.readme;

import io.slipstream.queue.MessageFilter;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.schema.CarStateDecoder;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The README's first Java snippet, as the compiler sees it. */
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
}
