# workers.rb COUNT MILLISECONDS: as workers.c.
$stdout.sync = true

# What the kernel would rather kill than others; see proc_pid_oom_score_adj(5).
def score(value) = File.write('/proc/self/oom_score_adj', value.to_s)

def work(milliseconds)
  score 0
  sleep milliseconds / 1000.0
  memory = []
  loop { memory << 'x' * (1 << 20) }
end

def stand_by(reader, writer)
  fork do
    score 0
    writer.close
    reader.read
    exit!(0)
  end
end

count, milliseconds = ARGV.map(&:to_i)
count.times do
  reader, writer = IO.pipe
  bystanders = Array.new(2) { stand_by(reader, writer) }
  worker = fork { work(milliseconds) }
  reader.close
  writer.close
  _, status = Process.wait2(worker)
  puts "#{status.termsig == 9 ? 'killed' : 'unexpected'} #{worker}"
  bystanders.each { |bystander| Process.wait(bystander) }
end
puts 'done'
