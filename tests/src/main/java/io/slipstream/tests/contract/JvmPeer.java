package io.slipstream.tests.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The peer that runs in a JVM: reads requests, has each obeyed by its worker's thread, ends with its standard input. */
public final class JvmPeer {
    private static final int WORKERS = 4;

    private final JvmCommands commands = new JvmCommands();
    private final List<ExecutorService> workers = new ArrayList<>();
    private final PrintStream answers;

    private JvmPeer(PrintStream answers) {
        this.answers = answers;
        for (int i = 0; i < WORKERS; i++) {
            final String name = "worker-" + i;
            workers.add(Executors.newSingleThreadExecutor(task -> {
                final Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    /**
     * Runs the peer.
     *
     * @param arguments none.
     * @throws IOException if standard input cannot be read.
     */
    public static void main(String[] arguments) throws IOException {
        // Nothing else may write where the answers go.
        final PrintStream answers = System.out;
        System.setOut(System.err);
        final JvmPeer peer = new JvmPeer(answers);
        final BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            peer.accept(line);
        }
        peer.workers.forEach(ExecutorService::shutdownNow);
        peer.commands.closeAll();
    }

    private void accept(String line) {
        final String[] words = line.split(" ", 3);
        final int worker = Integer.parseInt(words[0]);
        final Fields fields = new Fields(words.length > 2 ? words[2] : "");
        workers.get(worker).execute(() -> {
            final String answer = answer(words[1], fields);
            synchronized (answers) {
                answers.print(worker + " " + answer + "\n");
                answers.flush();
            }
        });
    }

    private String answer(String command, Fields fields) {
        try {
            return ("ok " + commands.obey(command, fields)).trim();
        } catch (RuntimeException e) {
            final String code = JvmErrors.code(e);
            if (code.equals(JvmErrors.UNEXPECTED)) {
                e.printStackTrace();
            }
            return "error " + code + " " + String.valueOf(e.getMessage()).replace('\n', ' ');
        } catch (Error e) {
            // Whoever asked must not wait for an answer that never comes.
            e.printStackTrace();
            return "error " + JvmErrors.UNEXPECTED + " " + e.toString().replace('\n', ' ');
        }
    }
}
