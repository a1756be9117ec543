/** Files and inputs that are made to do harm, each tried in a JVM with a small heap. */
package io.lanewise.hostile;
