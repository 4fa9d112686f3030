package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a reader answered: see {@link Reading}. */
final class Read {
    private final Answer answer;
    private final Map<Integer, Source> sources = new HashMap<>();

    /** What was read of one source since the last seek. */
    record Source(long count, long first, long last, String positions) {}

    Read(Answer answer) {
        this.answer = answer.ok();
        for (String text : answer.list("sources")) {
            final String[] parts = text.split(":", -1);
            sources.put(
                    Integer.parseInt(parts[0]),
                    new Source(Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]), parts[4]));
        }
    }

    /** This, or a failed test if anything was lost, repeated, torn, unaligned or out of order since the last seek. */
    Read clean() {
        assertThat(answer.has("violation") ? answer.text("violation") : "")
                .as("%s", answer)
                .isEmpty();
        return this;
    }

    Read messages(long expected) {
        assertThat(messages()).as("messages of %s", answer).isEqualTo(expected);
        return this;
    }

    /** Asserts that everything of a source was read, each message at the position that its publisher was given. */
    Read all(int source, PeerPublisher publisher) {
        final Source found = sources.get(source);
        assertThat(found).as("source %d in %s", source, answer).isNotNull();
        assertThat(found.last()).as("last of source %d in %s", source, answer).isEqualTo(publisher.sequence() - 1);
        assertThat(found.positions())
                .as("positions of source %d in %s", source, answer)
                .isEqualTo(publisher.positions());
        return this;
    }

    /** Asserts that another reader saw the very same since its last seek. */
    Read sameAs(Read other) {
        assertThat(digest()).as("%s beside %s", answer, other.answer).isEqualTo(other.digest());
        return this;
    }

    long messages() {
        return answer.number("messages");
    }

    long moved() {
        return answer.number("moved");
    }

    long first() {
        return answer.number("first");
    }

    long last() {
        return answer.number("last");
    }

    /** Position that the subscriber stands at. */
    long position() {
        return answer.number("position");
    }

    String digest() {
        return answer.text("digest");
    }

    long count(int source) {
        return sources.containsKey(source) ? sources.get(source).count() : 0;
    }

    Source source(int source) {
        return sources.get(source);
    }

    List<Item> items() {
        return answer.list("list").stream().map(Item::parse).toList();
    }

    @Override
    public String toString() {
        return answer.toString();
    }
}
