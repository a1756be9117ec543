/** An application that is a module. */
module sample {
  requires io.lanewise;
}
