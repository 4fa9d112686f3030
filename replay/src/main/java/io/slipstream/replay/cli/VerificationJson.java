package io.slipstream.replay.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipstream.replay.verify.Finding;
import io.slipstream.replay.verify.Verification;

/** What was found in a session, as JSON. */
final class VerificationJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private VerificationJson() {}

    static String text(Verification found) {
        final ObjectNode node = JSON.createObjectNode();
        node.put("session", found.session().toString());
        node.put("whole", found.whole());
        node.put("finished", found.finished());
        node.put("messages", found.messages());
        node.put("bytes", found.bytes());
        node.put("frames", found.frames());
        node.put("damagedFrames", found.damagedFrames());
        node.put("missingFrames", found.missingFrames());
        node.put("checkedSegments", found.checkedSegments());
        node.put("problems", found.problems());
        final ArrayNode findings = node.putArray("findings");
        for (Finding finding : found.findings()) {
            final ObjectNode one = findings.addObject();
            one.put("kind", finding.kind().name());
            one.put("file", finding.file().toString());
            if (finding.offset() >= 0) {
                one.put("offset", finding.offset());
            }
            one.put("detail", finding.detail());
        }
        final ArrayNode remarks = node.putArray("remarks");
        found.remarks().forEach(remarks::add);
        return node.toPrettyString();
    }
}
