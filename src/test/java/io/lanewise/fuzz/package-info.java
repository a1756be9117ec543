/**
 * Fuzzers of everything that reads what somebody else wrote: one that changes good files by what
 * they are made of, and Jazzer, which is guided by the code that a file reaches.
 */
package io.lanewise.fuzz;
