// The classic client: attaches to the block of another program, prints what is in it, and goes.
#include <QCoreApplication>
#include <QSharedMemory>
#include <cstdio>

int main(int argc, char **argv) {
  QCoreApplication app(argc, argv);
  QSharedMemory memory("MyUniqueKey");
  if (!memory.attach()) {
    std::printf("cannot attach: %s\n", qPrintable(memory.errorString()));
    return 1;
  }
  memory.lock();
  std::printf("%s\n", static_cast<const char *>(memory.constData()));
  memory.unlock();
  return 0;
}
