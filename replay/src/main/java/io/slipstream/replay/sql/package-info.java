/**
 * Sessions as tables of SQL. DuckDB runs the query and asks for rows as it goes: nothing of a session is read that the query does
 * not need, and nothing is stored. Knows nothing of the command line, and prints nothing.
 */
package io.slipstream.replay.sql;
