// The classic server: makes a block, leaves a greeting in it, and waits for a line on standard input before it goes.
#include <QByteArray>
#include <QCoreApplication>
#include <QSharedMemory>
#include <cstdio>
#include <cstring>

int main(int argc, char **argv) {
  QCoreApplication app(argc, argv);
  QSharedMemory memory("MyUniqueKey");
  if (!memory.create(1024)) {
    std::printf("cannot create: %s\n", qPrintable(memory.errorString()));
    return 1;
  }
  memory.lock();
  std::strcpy(static_cast<char *>(memory.data()), "Hello, Client!");
  memory.unlock();
  std::printf("serving %s\n", qPrintable(memory.nativeKey()));
  std::fflush(stdout);
  char line[80];
  while (std::fgets(line, sizeof line, stdin) != nullptr) {
    memory.lock();
    std::printf("%s\n", static_cast<const char *>(memory.constData()));
    memory.unlock();
    std::fflush(stdout);
  }
  return 0;
}
