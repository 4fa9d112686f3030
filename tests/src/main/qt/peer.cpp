// A Qt program that does what it is told, a command a line on standard input, and answers each with a line.
#include <QCoreApplication>
#include <QSharedMemory>
#include <QString>
#include <QSystemSemaphore>
#include <QTextStream>
#include <cstring>
#include <memory>

namespace {

QString outcome(const QSharedMemory &memory, bool good) {
  return good ? QStringLiteral("ok") : QStringLiteral("error %1 %2").arg(int(memory.error())).arg(memory.errorString());
}

} // namespace

int main(int argc, char **argv) {
  QCoreApplication app(argc, argv);
  QTextStream in(stdin);
  QTextStream out(stdout);
  std::unique_ptr<QSharedMemory> memory;
  std::unique_ptr<QSystemSemaphore> semaphore;
  for (QString line = in.readLine(); !line.isNull(); line = in.readLine()) {
    const QString command = line.section(' ', 0, 0);
    const QString argument = line.section(' ', 1);
    QString answer;
    if (command == "key") {
      memory = std::make_unique<QSharedMemory>(argument);
      answer = "ok";
    } else if (command == "create") {
      answer = outcome(*memory, memory->create(argument.toInt()));
    } else if (command == "attach") {
      answer = outcome(*memory, memory->attach(argument == "ro" ? QSharedMemory::ReadOnly : QSharedMemory::ReadWrite));
    } else if (command == "detach") {
      answer = outcome(*memory, memory->detach());
    } else if (command == "size") {
      answer = QString::number(memory->size());
    } else if (command == "lock") {
      answer = outcome(*memory, memory->lock());
    } else if (command == "unlock") {
      answer = outcome(*memory, memory->unlock());
    } else if (command == "write") {
      const QByteArray text = argument.toUtf8();
      std::memcpy(memory->data(), text.constData(), size_t(text.size()) + 1);
      answer = "ok";
    } else if (command == "read") {
      answer = QString::fromUtf8(static_cast<const char *>(memory->constData()));
    } else if (command == "count") {
      // Adds one under the lock, again and again: with a reader's eyes, not atomically.
      volatile qint64 *counter = static_cast<qint64 *>(memory->data());
      bool good = true;
      for (int i = 0; i < argument.toInt() && good; i++) {
        good = memory->lock();
        const qint64 value = *counter;
        *counter = value + 1;
        good = good && memory->unlock();
      }
      answer = outcome(*memory, good);
    } else if (command == "semaphore") {
      semaphore = std::make_unique<QSystemSemaphore>(argument, 0, QSystemSemaphore::Open);
      answer = semaphore->error() == QSystemSemaphore::NoError ? "ok" : semaphore->errorString();
    } else if (command == "acquire") {
      answer = semaphore->acquire() ? "ok" : semaphore->errorString();
    } else if (command == "release") {
      answer = semaphore->release(argument.toInt()) ? "ok" : semaphore->errorString();
    } else {
      answer = "no such command";
    }
    out << answer << Qt::endl;
  }
  return 0;
}
