package io.slipstream.replay.export;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Notes channels of whole numbers that samples, which are doubles, do not hold exactly. Allocates nothing a sample. */
final class LargeWholes {
    /** From here on not every whole number is a double. */
    private static final double LARGEST_EXACT = 0x1p53;

    private final List<Channel> channels;
    private final int[] wholes;
    private final boolean[] large;

    LargeWholes(List<Channel> channels) {
        this.channels = channels;
        this.wholes = IntStream.range(0, channels.size())
                .filter(i -> channels.get(i).type() == ChannelType.LONG)
                .toArray();
        this.large = new boolean[channels.size()];
    }

    void look(Samples samples) {
        for (int i : wholes) {
            if (Math.abs(samples.value(i)) >= LARGEST_EXACT) {
                large[i] = true;
            }
        }
    }

    /** Names of the channels that had such a number. */
    List<String> names() {
        final List<String> names = new ArrayList<>();
        for (int i : wholes) {
            if (large[i]) {
                names.add(channels.get(i).name());
            }
        }
        return names;
    }
}
