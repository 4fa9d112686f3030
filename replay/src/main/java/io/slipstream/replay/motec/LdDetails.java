package io.slipstream.replay.motec;

import java.time.LocalDateTime;

/**
 * What a log says of itself besides its samples. All but the comment are cut to 63 characters, and the vehicle's kind to 31.
 *
 * @param started when its first sample was taken, to the second; null if it does not say. The file has no time zone: Slipstream
 *     writes UTC, and loggers their own clock.
 * @param driver who drove.
 * @param vehicle what was driven.
 * @param vehicleType its kind.
 * @param venue where.
 * @param event of which occasion.
 * @param session which part of the event.
 * @param shortComment shown beside the file's name.
 * @param comment at most 1,023 characters are kept.
 */
public record LdDetails(
        LocalDateTime started,
        String driver,
        String vehicle,
        String vehicleType,
        String venue,
        String event,
        String session,
        String shortComment,
        String comment) {}
