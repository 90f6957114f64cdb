integer function first_true(f)
  logical, external :: f
  first_true = 1
  do while (.not. f(first_true))
    first_true = first_true + 1
  end do
end function first_true
