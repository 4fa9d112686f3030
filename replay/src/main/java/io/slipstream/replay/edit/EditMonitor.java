package io.slipstream.replay.edit;

/** Looks on while a session is made. Called by the thread that makes it. */
public interface EditMonitor {
    /** Looks at nothing and never stops. */
    EditMonitor NONE = new EditMonitor() {
        @Override
        public void onProgress(long frames, double share) {
            // Nobody looks.
        }

        @Override
        public boolean isStopped() {
            return false;
        }
    };

    /**
     * Some frames more were looked at. Called every few hundred frames.
     *
     * @param frames so far.
     * @param share of the work, 0 to 1.
     */
    void onProgress(long frames, double share);

    /**
     * Asked as often.
     *
     * @return true to give up: what was made so far is removed, and {@link EditStoppedException} thrown.
     */
    boolean isStopped();
}
