package io.slipstream.replay.control;

import io.javalin.http.HttpStatus;

/** A request that is refused. */
final class ControlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String remedy;

    ControlException(HttpStatus status, String error, String remedy) {
        super(error);
        this.status = status;
        this.remedy = remedy;
    }

    HttpStatus status() {
        return status;
    }

    String remedy() {
        return remedy;
    }
}
