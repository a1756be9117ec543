@echo off
rem Starts Lanewise on the Java runtime beside it. Not tested: nobody has run it on Windows yet.
setlocal
set "ROOT=%~dp0.."
"%ROOT%\runtime\bin\java.exe" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -Xms16m "-Dlanewise.home=%ROOT%" -Dstdout.encoding=UTF-8 %LANEWISE_JAVA_OPTIONS% -cp "%ROOT%\lib\*" io.lanewise.cli.Main %*
exit /b %ERRORLEVEL%
