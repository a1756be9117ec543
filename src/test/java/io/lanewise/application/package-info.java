/** The library as an application sees it, from outside. */
package io.lanewise.application;
