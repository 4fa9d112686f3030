/**
 * The JVM's side of the contract suite. A peer is a process that obeys one line of text at a time on its standard input and
 * answers with one line on its standard output; {@link io.slipstream.tests.contract.JvmPeer} is written on the public API of
 * {@code io.slipstream.queue} alone, {@code tests/src/main/c} is the same on {@code slipstream.h} alone. The tests speak with
 * any two of them and cannot tell which is which.
 *
 * <pre>
 *   request   WORKER COMMAND key=value ...          WORKER: 0 to 3, a thread of the peer; values hold no blanks
 *   answer    WORKER ok key=value ...
 *             WORKER error CODE text                CODE: as ss_code names it, without SS_ERR_
 *
 *   open           queue directory [mode=create|existing|readonly] [roll] [block] [source] [lock ns] [opening ns]
 *                  [interval ns] [now ns: a clock that stands still] [schema file]             max
 *   clock          queue now                                                   sets the clock that stands still
 *   schema         queue file
 *   bounds         queue                                                       first last
 *   stats          queue | publisher | subscriber                              what the API knows
 *   wake           queue
 *   prune          queue age bytes hard                                        deleted bytes kept beneath process durable
 *   close          queue | publisher | subscriber
 *   reset                                                                      closes everything
 *   publisher      queue publisher
 *   publish        publisher count first min max [templates] [schema] [version] [timestamp] [step] [tick ns] [batch]
 *                                                                              published first last positions
 *   claim          publisher length used sequence [template] [schema] [version]
 *   commit, abort  publisher                                                   [position]
 *   pretouch       publisher length
 *   subscriber     queue subscriber [name]                                     resumed position
 *   seek           subscriber to=start|end|position|time [value]               position
 *   filter         subscriber [schema] [source] [templates]
 *   read           subscriber limit [until messages] [timeout ns] [by=poll|next|wait] [refuse] [gaps=1] [list=1]
 *   wait           subscriber timeout                                          ready
 *   done           subscriber
 * </pre>
 *
 * <p>{@link io.slipstream.tests.contract.Content} says what is in a message, {@link io.slipstream.tests.contract.Reading} what a
 * reader checks and answers.
 */
package io.slipstream.tests.contract;
